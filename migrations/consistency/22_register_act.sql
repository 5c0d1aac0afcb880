-- title: 登记册的记录不是任何一次操作写下的
-- reason: every row of the register names its act; no foreign key, because an act's row is inserted last and imports write many rows per act.
SELECT r.district_id, r.what || ' ' || r.id AS subject, '有操作 ' || r.act_id || ' 的记录' AS expected, '没有记录' AS found
  FROM (SELECT district_id, '小区' AS what, min(estate_id) AS id, act_id FROM estate GROUP BY district_id, act_id
        UNION ALL SELECT district_id, '户', min(unit_id), act_id FROM unit GROUP BY district_id, act_id
        UNION ALL SELECT district_id, '面积，户', min(unit_id), act_id FROM unit_area GROUP BY district_id, act_id
        UNION ALL SELECT district_id, '人员', min(person_id), act_id FROM person GROUP BY district_id, act_id
        UNION ALL SELECT district_id, '产权', min(ownership_id), act_id FROM ownership GROUP BY district_id, act_id
        UNION ALL SELECT district_id, '使用人', min(occupant_id), act_id FROM occupant GROUP BY district_id, act_id
        UNION ALL SELECT district_id, '接管', min(takeover_id), act_id FROM takeover GROUP BY district_id, act_id
        UNION ALL SELECT district_id, '移交资料，接管', min(takeover_id), act_id FROM takeover_item GROUP BY district_id, act_id
        UNION ALL SELECT district_id, '服务合同', min(contract_id), act_id FROM service_contract GROUP BY district_id, act_id
        UNION ALL SELECT district_id, '收费标准', min(rate_id), act_id FROM fee_rate GROUP BY district_id, act_id
        UNION ALL SELECT district_id, '账单批次(起草)', min(run_id), drafted_act FROM bill_run GROUP BY district_id, drafted_act
        UNION ALL SELECT district_id, '账单批次(发布)', min(run_id), published_act FROM bill_run WHERE published_act IS NOT NULL GROUP BY district_id, published_act
        UNION ALL SELECT district_id, '账单批次(撤回)', min(run_id), withdrawn_act FROM bill_run WHERE withdrawn_act IS NOT NULL GROUP BY district_id, withdrawn_act) r
 WHERE NOT EXISTS (SELECT 1 FROM act a WHERE a.district_id = r.district_id AND a.act_id = r.act_id)
